printf hidden >../key
