const development = process.argv.includes('--development');

module.exports = {
  module: {
    rules: [
      {
        // Style sheets go into the page as text, which nothing else makes smaller.
        test: /\.css$/,
        enforce: 'pre',
        use: [{ loader: 'builtin:lightningcss-loader', options: { minify: true } }]
      }
    ]
  },
  optimization: development
    ? {}
    : {
        moduleIds: 'natural',
        mangleExports: 'size',
        minimizer: [{ apply: minimize }]
      }
};

/** As the builder does, with a pass more. */
function minimize(compiler) {
  const { SwcJsMinimizerRspackPlugin } = compiler.rspack;
  new SwcJsMinimizerRspackPlugin({
    minimizerOptions: { compress: { passes: 3 } }
  }).apply(compiler);
}
