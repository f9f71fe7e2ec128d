mkdir -p tree/data
echo f >f
echo f >tree/data/f
chmod 700 tree tree/data
