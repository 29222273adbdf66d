package api

// moves appends what may become of a domain without any call: what the daemon does for a call that
// is under way, and what happens to its QEMU.
func (s state) moves(out []state, free bool) []state {
	if s.life == removing {
		return append(out, s.gone(absent))
	}
	if s.life != present {
		return out
	}
	if !s.active {
		return s.movesDown(out)
	}
	if s.dying {
		if s.show != shutdown {
			out = append(out, s.shows(shutdown, 0))
		}
		why := uint8(crashed)
		if s.show == shutdown {
			why = byShutdown
		}
		if !s.ours {
			out = append(out, s.stopped(why))
		}
	} else if s.asked || free {
		x := s
		x.dying = true
		out = append(out, x)
	}
	if free && s.show == running {
		out = append(out, s.shows(paused, ioError), s.shows(paused, watchdog), s.shows(asleep, 0), s.shows(panicked, 1))
	}
	if free && s.show == asleep {
		out = append(out, s.shows(running, woken))
	}
	if s.device == detaching {
		x := s
		x.device = noDevice
		out = append(out, x)
	}
	return s.movesOfJob(out)
}

// movesDown are those of a domain without a QEMU.
func (s state) movesDown(out []state) []state {
	if !s.persistent && s.why != 0 {
		out = append(out, s.gone(removing)) // it was left only until this is noticed
	}
	switch s.job {
	case starting, restoring:
		if !s.resume {
			return out
		}
		s.resume = false
		x := s.shows(paused, startingUp)
		x.active = true
		out = append(out, x, s.stopped(failed))
	}
	return out
}

// movesOfJob are those of a domain with an async job: what its owner does step by step.
func (s state) movesOfJob(out []state) []state {
	switch s.job {
	case starting, restoring:
		if s.show != paused || s.why != startingUp {
			return out
		}
		fails := s
		fails.dying, fails.aborted = true, true
		out = append(out, s.stopped(failed), fails)
		if s.aborted {
			return out
		}
		if s.job == starting {
			out = append(out, s.shows(running, booted), s.shows(paused, user))
		}
		if s.job == restoring || s.image {
			out = append(out, s.shows(running, restored), s.shows(running, unpaused), s.shows(paused, anyReason))
		}
	case saving:
		if s.show == running && s.resume {
			out = append(out, s.shows(paused, forSave))
		}
		if s.show == paused && s.resume { // it has failed
			x := s.shows(running, saveFailed)
			out = append(out, x)
		}
		if s.show != running {
			x := s
			x.dying = true
			out = append(out, s.stopped(saved), x)
		}
	case dumping, snapshotting:
		if s.show == running && s.resume {
			whys := []uint8{forDump, unsaid} // QEMU stops by itself for a dump of the memory alone
			if s.job == snapshotting {
				whys = []uint8{forSave, forSnapshot}
			}
			for _, why := range whys {
				out = append(out, s.shows(paused, why))
			}
		}
		if s.show == paused && s.resume {
			out = append(out, s.shows(running, unpaused))
		}
	}
	return out
}

// settle are states with all that may become of them.
func settle(all []state, free bool) []state {
	seen := map[packed]bool{}
	for _, s := range all {
		seen[s.pack()] = true
	}
	for i := 0; i < len(all); i++ {
		for _, x := range all[i].moves(nil, free) {
			if p := x.pack(); !seen[p] {
				seen[p] = true
				all = append(all, x)
			}
		}
	}
	return sorted(all)
}
