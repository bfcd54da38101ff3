/**
 * The lists are texts that are searched, not sets and maps: a hook asks about thirty words, and to take the lists apart
 * would cost it more than that. Who files thousands of records keeps what it was told.
 */

/** English words that carry no topic. `not`, `no` and `without` stay out: in commands they are the topic. */
const STOP_WORDS =
  ' a about am an and are as at be been being but by can could d did do does doing dont for from had has have having he her ' +
  'here hers him his how i if im in into is it its ive just ll m me my of on or our ours re s she should so such t than ' +
  'that the their theirs them then there these they this those to too ve very was we were what when where which who whom ' +
  'whose why will with would you your yours ';

export const isStopWord = (word: string): boolean => STOP_WORDS.includes(` ${word} `);

/** Irregular forms, base form first; a suffix stemmer cannot know them. */
const IRREGULAR =
  'begin began begun,break broke broken,bring brought,build built,buy bought,catch caught,choose chose chosen,come came,' +
  'draw drew drawn,drive drove driven,eat ate eaten,fall fell fallen,feel felt,fight fought,find found,fly flew flown,' +
  'forget forgot forgotten,freeze froze frozen,get got gotten,give gave given,go went gone,grow grew grown,hide hid hidden,' +
  'hold held,keep kept,know knew known,lead led,leave left,lose lost,make made,mean meant,meet met,overwrite overwrote ' +
  'overwritten,pay paid,read reads,ride rode ridden,ring rang rung,rise rose risen,run ran,say said,see saw seen,sell sold,' +
  'send sent,shake shook shaken,show shown,sing sang sung,sleep slept,speak spoke spoken,spend spent,stand stood,steal stole ' +
  'stolen,stick stuck,swim swam swum,take took taken,teach taught,tell told,think thought,throw threw thrown,understand ' +
  'understood,wake woke woken,wear wore worn,win won,write wrote written,child children,man men,woman women,person people,' +
  'foot feet,tooth teeth,mouse mice,index indices indexes,matrix matrices,vertex vertices,good better best,bad worse worst';

/** Short forms that programmers write for one word each, full form first. Ambiguous ones (res, app, id) are not here. */
const SHORT_FORMS =
  'directory dir dirs folder folders,repository repo repos,configuration config configs cfg conf,environment env envs,' +
  'database db dbs,authentication auth,package pkg pkgs,dependency dep deps,argument arg args,parameter param params,' +
  'string str,integer int,boolean bool,function func funcs fn,implementation impl,initialize init,message msg msgs,' +
  'error err errs,request req,response resp,source src,temporary tmp temp,variable var vars,document doc docs,' +
  'information info,maximum max,minimum min,length len,object obj,command cmd cmds,reference ref refs,previous prev,' +
  'current cur curr,delete del,character char chars,regular regex regexp,library lib libs,administrator admin,' +
  'permission perm perms,address addr addrs,image img,button btn,context ctx,dictionary dict,destination dest dst,' +
  'development dev,production prod,specification spec specs,synchronize sync,asynchronous async,utility util utils,' +
  'attribute attr attrs,element elem elems,exception exc,certificate cert certs,password passwd pwd,memory mem,' +
  'kubernetes k8s,javascript js,typescript ts,python py,number num nums,calculate calc,iterator iter,execute exec';

const FORMS = `,${IRREGULAR},${SHORT_FORMS},`;

/** The base form or full form that a word is filed under; the word itself when the lists do not have it. */
export function baseForm(word: string): string {
  const at = Math.max(FORMS.indexOf(` ${word} `), FORMS.indexOf(` ${word},`));
  if (at < 0) return word;
  const row = FORMS.lastIndexOf(',', at) + 1;
  return FORMS.slice(row, FORMS.indexOf(' ', row));
}

/**
 * Pairs that question words and polite endings leave behind in Chinese, Japanese and Korean queries. They are filed, but
 * not asked for: notes state and prompts ask, so where a note does have them it is by accident.
 */
const QUESTION_PAIRS =
  ' 什么 什麼 甚麼 哪些 哪个 哪個 哪年 哪里 哪裡 哪裏 哪一 哪种 哪種 哪位 如何 怎么 怎麼 怎样 怎樣 多少 为什 為什 为何 為何 何时 何時 何人 ' +
  '何地 是什 是哪 有哪 有什 是谁 是誰 在哪 么时 麼時 是多 在什 于哪 於哪 是否 请问 請問 ' +
  'です すか ます まし ませ せん でし しょ ょう うか たか のか るか どの どこ いつ だれ なぜ どう なに どれ どん どち ちら とは ' +
  '무엇 어떤 언제 어디 누구 인가 가요 나요 니까 습니 입니' +
  ' ';

export const isQuestionPair = (term: string): boolean => QUESTION_PAIRS.includes(` ${term} `);

/** A query for one asks for the others of its group too, with less weight. */
const SYNONYMS =
  ',remove delete erase drop,show display print output list,find search locate lookup,count number,create make add new generate,' +
  'replace substitute,copy duplicate clone,rename move,run execute launch start invoke call,stop kill terminate end,' +
  'contain include match,get fetch retrieve obtain return,convert transform translate,begin start initial,last final latest,' +
  'line row,fix repair resolve solve,error failure exception bug,merge combine join concatenate,split separate divide,' +
  'check verify validate test,compare diff difference,install setup,build compile,set assign,sort order,empty blank,' +
  'big large huge,quick fast,allow permit enable,forbid disallow disable block,choose pick select,edit modify change update,' +
  'extract unpack unzip,compress zip archive,remember recall,load open read,save store write,';

/** Groups of words that developers use for one another, in which one begins like this. Most words begin like none. */
export function synonymGroups(beginning: string): string[][] {
  const groups: string[][] = [];
  for (let at = SYNONYMS.indexOf(beginning); at > 0; at = SYNONYMS.indexOf(beginning, at + 1)) {
    if (!' ,'.includes(SYNONYMS.charAt(at - 1))) continue;
    const end = SYNONYMS.indexOf(',', at);
    groups.push(SYNONYMS.slice(SYNONYMS.lastIndexOf(',', at) + 1, end).split(' '));
    at = end;
  }
  return groups;
}
