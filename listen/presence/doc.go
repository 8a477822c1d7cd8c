// Package presence is the register of where the company is on the networks:
// its profiles by kind and region, who answers for each, and what was found
// that nobody knew of.
//
// It promises:
//
//   - Each kind in each region is yes, no or unknown. Unknown is what nobody
//     looked at; no is said by a person, and yes by a profile.
//   - A search only proposes, with its evidence and how sure that is. Where a
//     site answers the same for a name that cannot exist, nothing is proposed
//     from it, and that is said.
//   - What was dismissed is not proposed again.
//   - A search is bounded, shows how far it is, and goes on after a restart.
//
// It refuses a second profile with the same address.
package presence
