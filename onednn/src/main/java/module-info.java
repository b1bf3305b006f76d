/// The fast backend: oneDNN's C library reached through the foreign function interface.
module io.kalamos.onednn {}
