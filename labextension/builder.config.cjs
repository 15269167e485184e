// Style sheets go into the page as text, which nothing else makes smaller.
module.exports = {
  module: {
    rules: [
      {
        test: /\.css$/,
        enforce: 'pre',
        use: [{ loader: 'builtin:lightningcss-loader', options: { minify: true } }]
      }
    ]
  }
};
