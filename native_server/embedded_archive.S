// embedded_archive(), whose bytes the assembler takes from a file: PLAYGROUND_ARCHIVE, which
// playground_embed() in CMake names.
  .section .rodata
  .globl playground_archive
  .globl playground_archive_end
playground_archive:
#ifdef PLAYGROUND_ARCHIVE
  .incbin PLAYGROUND_ARCHIVE
#endif
playground_archive_end:
  .byte 0
#if defined(__linux__) && defined(__ELF__)
  .section .note.GNU-stack,"",%progbits
#endif
