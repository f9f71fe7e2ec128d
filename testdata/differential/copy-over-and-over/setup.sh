mkdir -p tree/d tree2
echo a >a
echo bb >b
echo x >tree/d/x
ln -s a tree2/e
