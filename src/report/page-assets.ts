/** The page's own script and style sheet, as text. */
export interface PageAssets {
  script: string;
  style: string;
}

/**
 * Filled in by the bundler (`scripts/page-assets.mjs`), which compiles `page/` and puts the result here, so that the
 * program needs no file beside it. Run from source there is nothing, and `renderPage` refuses to make a page of it.
 */
export const PAGE_ASSETS: PageAssets = { script: '', style: '' };
