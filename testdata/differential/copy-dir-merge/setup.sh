mkdir -p tree/data/deep tree/data/new tree/private
echo changed >tree/data/one
echo new >tree/data/new/file
chmod 711 tree
chmod 750 tree/data
chmod 1777 tree/data/deep
chmod 755 tree/private
