// Going from one conversation to another, without the modules knowing each other.

let go = () => {};

export function onVisit(visitor) {
  go = visitor;
}

export function visit(...where) {
  go(...where);
}
