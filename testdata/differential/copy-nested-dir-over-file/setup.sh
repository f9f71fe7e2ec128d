mkdir -p tree/one
echo t >tree/one/t
