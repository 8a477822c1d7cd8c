package demo

// The policies.
const (
	speaking = "Speaking for Brewell"
	tone     = "Tone and privacy"
	wording  = "Recall wording"
)

func policies() []Policy {
	return []Policy{
		{speaking, "", true, []Version{{`Whoever answers here speaks for all of Brewell.

1. **Be a person.** Write as you would speak to a guest at the counter, and sign with your name when it helps.
2. **Be true.** Say what you know. If you don't know, say when you will, and come back.
3. **Be soon.** Half an hour for a question, an hour for a review, at once when somebody may get hurt.
4. **Own it.** Say sorry once, plainly, and then mend it.
5. **Say whose side you are on.** Never speak about Brewell as if you didn't work here.`, "The first version."}}},
		{tone, "", true, []Version{
			{`Plain words, no jokes about what went wrong, no exclamation marks in an apology.

Names, numbers, addresses and money belong in a direct message. If somebody posts a serial number in public, answer in private and offer to have the post removed.`, "The first version."},
			{`Plain words, no jokes about what went wrong, no exclamation marks in an apology.

Names, numbers, addresses, health and money belong in a direct message. If somebody posts one of them in public, answer in private.

Pictures of people or homes are never forwarded, not even inside the house.`, "Health and pictures are private too."}}},
		{wording, "", true, []Version{
			{`What we say when a product is called back:

- which products, by a number that people can find,
- what to do now, before anything else,
- what they get, and that they need neither box nor receipt.

Never guess at a cause. Never write “as a precaution only”.`, "For all recalls."},
			{`What we say when a product is called back:

- which products, by a number that people can find,
- what to do now, before anything else,
- what they get, and that they need neither box nor receipt.

Never guess at a cause. Never write “as a precaution only”. Burns and near misses go to Priya Raman at once, by phone.`, "Who is called when somebody was hurt."},
			{`**K2, loose handle.** Affected: made from January to April, numbers K2-2301 to K2-2317 under the base. K2 Mini and K3 are not affected.

1. Ask people to leave it cold first.
2. A loan kettle from the nearest store the same day.
3. A new handle, or the full price back, within ten days. Neither box nor receipt.

Name no date for refunds beyond the ten days. Burns and near misses go to Priya Raman at once, by phone.`, "The K2: numbers, loan kettles, ten days."}}},
		{"Photos and voices of others", advocates, false, []Version{{`Ask before you share what somebody else made, say whose it is, and take it down when they ask.`, "The first version."}}},
		{"Talking to journalists", press, true, []Version{{`Whoever is asked by a journalist says that Idris Bakare will call, takes the number, and tells him. Nothing is off the record.`, "The first version."}}},
	}
}
