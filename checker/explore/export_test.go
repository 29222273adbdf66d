package explore

// Tests of many small programs are to see workers send each other states.
func init() { smallLevel = 0 }
