package conform

// start compares how driver and model begin, in each initial state.
func (k *walk[S]) start() (*difference, *route) {
	for i := range k.m.Initials() {
		if k.stopped() {
			break
		}
		s, r := k.m.Initial(i), k.begin(i)
		if d := k.arrive(r, &s); d != nil {
			return d, r
		}
	}
	return nil, nil
}
