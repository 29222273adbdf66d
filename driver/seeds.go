//go:build !lockproof_defects

package driver

// seeds is where the planted defects of a driver are; there are none.
type seeds struct{}

func (seeds) broken(Defect) bool { return false }
