package driver

// status is qemuMonitorGetStatus: what QEMU says that the guest is doing. It asks of its caller
// what execute does. A QEMU that does not say it is given up, as one that talks garbage is: a guess
// would become the state of the domain.
func (mon *Monitor) status() (State, error) {
	a, err := mon.execute("query-status", nil)
	if err != nil {
		return Shutoff, err
	}
	state, err := stateOf(a)
	if err != nil {
		mon.fail(err)
		return Shutoff, mon.gone(err)
	}
	return state, nil
}

// stateOf reads the answer to query-status.
func stateOf(a answer) (State, error) {
	c, ok := openObject(a.Return)
	for ok && c.next() {
		if string(c.name) != `"running"` {
			continue
		}
		switch string(c.value) {
		case "true":
			return Running, nil
		case "false":
			return Paused, nil
		}
	}
	return Shutoff, &ProtocolError{"a status that does not say whether the guest is running", a.Return}
}
