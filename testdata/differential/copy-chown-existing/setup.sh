mkdir -p tree/data/deep
touch tree/data/deep/f
