package conform

// start compares how driver and model begin.
func (k *walk[S]) start() *difference {
	for i := range k.m.Initials() {
		if k.stopped() {
			return nil
		}
		s := k.m.Initial(i)
		if d := k.arrive(nil, &s); d != nil {
			return d
		}
	}
	return nil
}
