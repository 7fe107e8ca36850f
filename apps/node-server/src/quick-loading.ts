/**
 * Imported before everything else, by the process and by its threads: a node that starts reads 1,200 modules, and half of that
 * time went into things that are the same each time.
 */
import { enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Compiled code of the last start. Below the installation, because whoever may write there may change the program anyway; a folder that
 * everybody may write to could not be trusted with it. Where it can not be written there is none. NODE_COMPILE_CACHE names another.
 */
const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))

enableCompileCache(process.env.NODE_COMPILE_CACHE ?? cacheFolder)

/**
 * Node 24 parses the whole package.json of a package again for each of its modules, to know what kind of module it is. That of drizzle-orm
 * has 180 kB and there are 111 modules: 300 ms of a start. Its relative imports name files, and all of them are ES modules.
 */
registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL
    const isNamed = specifier.startsWith('.') && specifier.endsWith('.js')
    if (parent === undefined || !isNamed || !parent.includes('/node_modules/drizzle-orm/'))
      return next(specifier, context)
    return { url: new URL(specifier, parent).href, format: 'module', shortCircuit: true }
  },
})
