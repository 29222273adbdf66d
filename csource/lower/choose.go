package lower

import "github.com/lockproof/lockproof/csource/vocabulary"

// chooses carries out what goes one way or the other without a step, where the instruction is of
// that kind. There are no ways to choose from where a fault would make them, and may not strike.
func (t *thread) chooses(s *stop, i *instr) (ways []stop, is bool) {
	c := s.c
	switch i.prim.Effect {
	case vocabulary.Nondet:
		no := s.fork()
		no.chose, s.chose = s.chose.And(false), s.chose.And(true)
		no.c.local(intValue(0))
		c.local(intValue(1))
		return []stop{*s, no}, true
	case vocabulary.ClientGone:
		if c.gone || !t.spec.Faults.ClientGone {
			c.local(boolValue(c.gone))
			return nil, true
		}
		gone := s.fork()
		gone.c.gone = true
		gone.c.local(intValue(1))
		c.local(intValue(0))
		return []stop{*s, gone}, true
	case vocabulary.Answers:
		if !t.spec.Faults.SlowMonitor {
			c.local(value{})
			return nil, true
		}
		waits := s.fork()
		t.retire(waits.c, unanswered, value{})
		c.local(value{})
		return []stop{*s, waits}, true
	}
	return nil, false
}
