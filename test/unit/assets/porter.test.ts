import { describe, expect, test } from 'vitest';
import { porterStem } from '../../../src/assets/porter.ts';

// Input and output of the rules' examples in Porter's paper of 1980, whole pipeline applied.
const EXAMPLES =
  'caresses caress,ponies poni,ties ti,caress caress,cats cat,feed feed,agreed agre,plastered plaster,bled bled,' +
  'motoring motor,sing sing,conflated conflat,troubled troubl,sized size,hopping hop,tanned tan,falling fall,hissing hiss,' +
  'fizzed fizz,failing fail,filing file,happy happi,sky sky,relational relat,conditional condit,rational ration,valenci valenc,' +
  'digitizer digit,conformabli conform,radicalli radic,differentli differ,vileli vile,analogousli analog,vietnamization vietnam,' +
  'predication predic,operator oper,feudalism feudal,decisiveness decis,hopefulness hope,callousness callous,formaliti formal,' +
  'sensitiviti sensit,sensibiliti sensibl,triplicate triplic,formative form,formalize formal,electriciti electr,electrical electr,' +
  'hopeful hope,goodness good,revival reviv,allowance allow,inference infer,airliner airlin,gyroscopic gyroscop,adjustable adjust,' +
  'defensible defens,irritant irrit,replacement replac,adjustment adjust,dependent depend,adoption adopt,homologou homolog,' +
  'communism commun,activate activ,angulariti angular,homologous homolog,effective effect,bowdlerize bowdler,probate probat,' +
  'rate rate,cease ceas,controll control,roll roll';

describe('Porter stemming', () => {
  test.each(EXAMPLES.split(',').map((pair) => pair.split(' ')))('%s becomes %s', (word = '', expected = '') => {
    expect(porterStem(word)).toBe(expected);
  });

  test('forms of one word meet in one stem', () => {
    expect(new Set(['generate', 'generates', 'generated', 'generating', 'generation'].map(porterStem)).size).toBe(1);
  });

  test('words of one or two letters stay as they are', () => {
    expect(['a', 'is', 'ed'].map(porterStem)).toEqual(['a', 'is', 'ed']);
  });
});
