mkdir -p tree/data
ln -s elsewhere tree/data/one
echo file >tree/current
echo file >tree/dangling
