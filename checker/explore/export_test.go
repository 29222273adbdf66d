package explore

// Tests of many small programs are to see workers send each other states.
func init() { smallLevel = 0 }

// MergeAtMost lets searches merge so few steps with one until the test ends.
func MergeAtMost(n int) (restore func()) {
	old := maxMerged
	maxMerged = n
	return func() { maxMerged = old }
}
