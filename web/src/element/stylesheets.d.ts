/** A stylesheet that the bundler hands over as text, imports resolved. */
declare module "*.css" {
  const text: string;
  export default text;
}
