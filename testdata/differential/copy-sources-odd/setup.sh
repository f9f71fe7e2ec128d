mkdir -p dir/sub
echo f >dir/f
echo g >dir/sub/g
