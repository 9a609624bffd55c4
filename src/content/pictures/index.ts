// The deck's diagrams and drawings, by name. In a slide:
//
//   ```picture stack target=unix
//   ```
//
// The second word is the picture's name; flags and `name=value` words after it are its options; a few pictures have data in
// the fence. Every picture knows `caption="…"`, a line that is seen under it, and `static`, which shows all of it at once
// where it would otherwise be built up by fragments. Sizes are in the slide's pixels, 1280 by 720; a picture that a slide
// has no room for is drawn smaller, and so is its type.
//
//   stack           The tower of software under an application, and what the compiler makes of it. 1120 by 500.
//                   target=abstract       all that is there today goes into the unikernel, which stands on nothing yet
//                   target=hypervisor     a hypervisor and hardware under both towers
//                   target=unix           a process with sockets: the compiler takes the upper three layers
//                   target=unix-direct    a process with a stack of its own: it takes all seven
//                   target=xen            an image for Xen, on x86 hardware
//                   target=arm            an image for Xen, on ARM hardware
//                   target=bsd            a module of FreeBSD's kernel
//                   target=browser        JavaScript in a browser
//                   target=unix,unix-direct,xen     one after the other, as fragments: bracket and platforms move
//   docker          The same seven layers, wrapped by a container. 1120 by 500.
//   modules         The graph of modules under an application. 1120 by 500.
//                   By itself it grows by fragments: sockets, then our own TCP, then Xen.
//                   show=sockets    show=direct    show=xen      one of the three, in the same places
//   compiler        The compiler in the middle: programmer and cloud, sources, compiler, binaries. 1140 by 540.
//                   By itself it grows region by region, by three fragments.
//                   show=programmer    show=sources    show=compiler    show=binaries     up to that region
//   boot-sequence   A unikernel is booted by the request for its name: lifelines, five fragments. 1120 by 510.
//   zero-copy       The way of a page from the pool to the wire and back, four fragments. 1120 by 470.
//   memory          The address space of a 64-bit unikernel, with an I/O page called out. 1120 by 510.
//   rendezvous      Two machines find each other through XenStore and open a vchan, four fragments. 1120 by 500.
//   node-service    What is under a small service, beside a unikernel, to one scale. 1120 by 500. The body is CSV; rows
//                   are the layers from the top down, and each is `service` or `unikernel`:
//                     side,layer,packages,files,bytes
//                     service,Our code,1,3,2140
//                     service,npm packages,68,612,2100345
//                     unikernel,Whole image,5,41,215000
//                   A number may be left out. scale=bytes (as without it), scale=files or scale=packages says which of
//                   them the heights are. titles="A Node service|The same as a unikernel" names the two sides.
//   board           A small ARM board that serves what the laptop beside it shows. 620 by 360.
//   leaning-tower   The leaning tower of cloud; its four floors are named after the four pains. 520 by 470.
//   ship            A ship with containers. 680 by 380.
//
// A picture is a scene (scene.ts): boxes, edges and labels with coordinates, and what each of them says in words. From the
// one scene come the drawing (svg.ts) and its text twin (words.ts), so that neither can show what the other does not.
