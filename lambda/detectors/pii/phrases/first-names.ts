/** Common first names that are hardly ever common words, in the six languages of the label words and beyond. */
export const FIRST_NAMES: ReadonlySet<string> = new Set(
  (
    'aaron abigail adam adrian ahmed aisha alan albert alejandra alejandro alessandro alessandra alex alexander alexandra ' +
    'alfred ali alice alison amanda amelia amy ana andrea andreas andrew angela anita anja anke ann anna anne annette antoine ' +
    'anthony antonio arthur ashley barbara beatrice benjamin bernard bernd betty bianca björn brandon brenda brian bruno camille ' +
    'carl carla carlos carmen carol caroline catherine cecilia charles charlotte chiara chloe christian christina christine ' +
    'christoph christopher claire clara claudia claudio colin cristina cynthia daniel daniela danielle david deborah denis dennis ' +
    'diana diego dieter dirk dmitri dominik donald donna dorothy douglas eduardo edward elena elisabeth elizabeth ella emily emma ' +
    'enrique eric erik erika ernesto esther ethan eugene eva evelyn fabian fatima federico felix fernanda fernando florian ' +
    'francesca francesco francisco françois frank franz frederick gabriel gabriela gary george gerald gerhard giovanni giulia ' +
    'giuseppe gloria gonzalo greta guillaume gustavo hanna hannah hans harold heather heike heinz helen helena helga henry hiroshi ' +
    'ian ibrahim ines ingrid irene isabel isabella ivan jacob jacques jakob james jan jane janet jasmin jason javier jean jeffrey ' +
    'jennifer jeremy jessica jimmy joan joanna joão joachim johann johannes john jonas jonathan jorge josé josef joseph joshua ' +
    'juan judith julia julian juliana julie jürgen karen karin karl katharina katherine kathleen keith kelly kenneth kevin klaus ' +
    'kristina lars laura lauren laurent lea leon leonardo lena linda lisa lorenzo louis louise lucas lucia luigi luis luisa lukas ' +
    'manuel manuela marco marcus margaret maria marie marina mario marion markus marta martha martin martina mary mateo matteo ' +
    'matthew matthias maurice maximilian megan mehmet melissa michael michel michelle miguel mohamed mohammed monica monika nadia ' +
    'nancy natalie natasha nathan nicholas nicola nicolas nicole nina noah nora norbert oliver olivia olga omar oscar pablo pamela ' +
    'paolo pascal patricia patrick paul paula paulo pedro peter petra philip philippe pierre priya rachel rafael rainer ralf ' +
    'raymond rebecca renate ricardo richard robert roberta roberto roger roland ronald rosa rosemary ruth ryan sabine samantha ' +
    'samuel sandra sara sarah sebastian sergio sharon simon simone sofia sonia sophia sophie stefan stefanie stephanie stephen ' +
    'steven susan susanne sven sylvia tatiana teresa theodor theresa thomas thorsten timothy tobias torsten ulrich ulrike ursula ' +
    'uwe valentina vanessa vera veronica victor victoria vincent vladimir walter wei wendy werner wilhelm william wolfgang yasmin ' +
    'yolanda yuki yvonne zoe'
  ).split(' '),
);
