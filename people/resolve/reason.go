package resolve

// reasons says in words how two records agree and differ.
func reasons(p *pattern) []string {
	var for_, against []string
	if p.swapped {
		for_ = append(for_, "names swapped")
	}
	for _, c := range [...]int{cEmail, cPhone, cHandle, cFamily, cGiven, cBirth, cStreet, cPostcode, cCity, cRegion} {
		name := columnNames[c]
		level := p.level[c]
		if c == cGiven && p.said&saysGiven != 0 || c == cFamily && p.said&saysFamily != 0 {
			name += " by the e-mail"
		}
		if p.swapped && (c == cGiven || c == cFamily) {
			continue
		}
		switch {
		case level == missing || c == cRegion && level == exact:
		case level == exact:
			for_ = append(for_, "same "+name)
		case level == near && c == cStreet && p.number == differ:
			for_ = append(for_, "same street, other number")
		case level == near:
			for_ = append(for_, "similar "+name)
		case level == loose && c == cStreet && p.number == differ:
			against = append(against, "same street, other number")
		case level == loose:
			for_ = append(for_, "resembling "+name)
		case level == faint && (c == cGiven || c == cFamily):
			for_ = append(for_, "not unlike "+name)
		default:
			against = append(against, name+" differs")
		}
	}
	return append(for_, against...)
}
