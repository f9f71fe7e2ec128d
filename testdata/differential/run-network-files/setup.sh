echo '127.0.0.1 image' >hosts
