mkdir -p a/b/deep a/c
echo f >a/b/f
echo f >a/c/f
echo g >a/b/deep/g
chmod 711 a
chmod 700 a/b
