import { make, makeButton } from "../element/dom.js";
import { STORIES, type Story } from "../element/stories.js";

/** A chip a story; the chosen one says over the lanes what to look for. */
export class StoryChips {
  readonly #chips = new Map<Story, HTMLButtonElement>();
  readonly #look: HTMLElement;

  constructor(container: HTMLElement, look: HTMLElement, tell: (story: Story) => void) {
    this.#look = look;
    for (const story of STORIES) {
      const begin = (): void => {
        tell(story);
      };
      const chip = makeButton("chip story", begin, story.title);
      chip.dataset["story"] = story.id;
      this.#chips.set(story, chip);
      container.append(chip);
    }
  }

  /** `instead` is what to look for in place of the story's own words. */
  show(chosen: string, instead?: string): void {
    this.#look.hidden = true;
    for (const [story, chip] of this.#chips) {
      const told = story.id === chosen;
      chip.ariaPressed = String(told);
      if (!told) continue;
      this.#look.hidden = false;
      const look = instead ?? story.look;
      if (this.#look.textContent !== `${story.title}${look}`) {
        this.#look.replaceChildren(make("strong", "", story.title), make("span", "", look));
      }
    }
  }
}
