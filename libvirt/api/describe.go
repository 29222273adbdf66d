package api

import (
	"slices"
	"strings"
)

// describe says what a domain may be like. What many states have in common is said once.
func (x *sets) describe(s situation) string {
	if s.set == x.unknown {
		return "anything: nothing is known of it yet"
	}
	var looks []string
	persistent, transient := false, false
	extras := map[string]int{}
	there := 0
	all := s.set.states
	if x.free {
		if others := slices.DeleteFunc(slices.Clone(all), state.byGuest); len(others) > 0 {
			all = others
		}
	}
	for _, one := range all {
		look := one.look()
		if !slices.Contains(looks, look) {
			looks = append(looks, look)
		}
		if !one.there() {
			continue
		}
		there++
		persistent, transient = persistent || one.persistent, transient || !one.persistent
		for _, e := range one.extras() {
			extras[e]++
		}
	}
	const most = 8
	text := strings.Join(looks[:min(len(looks), most)], " or ")
	if len(looks) > most {
		text += " or others"
	}
	switch {
	case persistent && transient:
		text += "; persistent or transient"
	case persistent:
		text += "; persistent"
	case transient:
		text += "; transient"
	}
	for _, e := range extraTexts {
		switch extras[e] {
		case 0:
		case there:
			text += ", " + e
		default:
			text += ", perhaps " + e
		}
	}
	if len(all) < len(s.set.states) {
		text += ", or what its guest made of it by itself"
	}
	return text
}

// byGuest reports whether a state may be there because a guest stopped or paused by itself.
func (s state) byGuest() bool {
	switch {
	case !s.there():
		return true
	case s.dying, s.show == panicked, s.show == asleep:
		return true
	case s.show == running:
		return s.why == woken
	case s.show == paused:
		return s.why == ioError || s.why == watchdog
	}
	return s.show == shutoff && (s.why == byShutdown || s.why == crashed)
}

// look is what the API shows of a state.
func (s state) look() string {
	switch s.life {
	case absent:
		return "absent"
	case removing:
		return "being removed"
	}
	return showText(s.show, s.why)
}

// extraTexts are what a domain may have besides, in the order in which it is told.
var extraTexts = []string{
	"with a managed save image", "with the device", "with the device being detached", "its QEMU at its end",
	"asked to shut down",
	"start under way", "restore under way", "save under way", "dump under way", "snapshot under way",
}

// extras are what a state has besides.
func (s state) extras() []string {
	var out []string
	for i, has := range []bool{
		s.image, s.device == attached, s.device == detaching, s.dying, s.asked,
		s.job == starting, s.job == restoring, s.job == saving, s.job == dumping, s.job == snapshotting,
	} {
		if has {
			out = append(out, extraTexts[i])
		}
	}
	return out
}
