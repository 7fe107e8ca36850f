import { fileDesc } from '@bufbuild/protobuf/codegenv2'

/**
 * Stands for protovalidate's schema in the browser. The validation rules are options of our schemas;
 * without their definition they stay unread bytes, and the nodes check every request anyway. The
 * encoded descriptor has a file name (`buf/validate/validate.proto`) and a package, nothing else.
 */
export const file_buf_validate_validate = fileDesc(
  btoa('\n\x1bbuf/validate/validate.proto\x12\x0cbuf.validateb\x06proto2'),
)
