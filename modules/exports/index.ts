// The module has no parts yet.
export {}
