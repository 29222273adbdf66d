package lockorder

import "testing"

// ShowAtMost bounds the states of a search for an order that a report asks for, for one test.
func ShowAtMost(t *testing.T, states int64) {
	old := maxShown
	maxShown = states
	t.Cleanup(func() { maxShown = old })
}
