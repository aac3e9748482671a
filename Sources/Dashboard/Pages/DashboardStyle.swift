// What the dashboard adds to the style sheet of reports.

import Reporting

enum DashboardStyle {
  static let sheet =
    Style.sheet + """
      body{max-width:74rem;padding-top:1rem;font-size:1rem}
      main{outline:none}main>section,main>p,main>h1+p{max-width:none}
      nav,form,.state,.tags,.jobs,.log,.notice,.pages,button,select,input{font-family:var(--sans)}
      .skip{position:absolute;left:-999rem;top:0;padding:.6rem 1rem;background:var(--paper);z-index:2}
      .skip:focus{left:.5rem;top:.5rem}
      .top{margin:0 0 2rem;border-bottom:1px solid var(--rule)}
      .top ol{display:flex;flex-wrap:wrap;gap:.1rem .5rem;margin:0;padding:.4rem 0;list-style:none;
      font-size:.875rem}
      .top li+li::before{content:"›";margin-right:.5rem;color:var(--soft)}
      .top a{display:inline-block;padding:.35rem 0;text-decoration:none}
      .top a:hover,.top a:focus-visible{text-decoration:underline}
      .top [aria-current]{color:var(--ink)}.brand{font-weight:700;letter-spacing:.01em}
      h1{font-size:1.9rem;overflow-wrap:anywhere}h1 code{font-size:.8em}
      .lead{font-size:1.1rem;max-width:47rem}main p{max-width:60rem}
      .notice{margin:0;padding:.6rem .9rem;border-left:3px solid var(--c0);background:var(--panel);
      font-size:.9rem}.notice:empty{display:none}.notice:not(:empty){margin-bottom:1rem}
      .problem{border-color:var(--bad)}
      .filter{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin:0 0 1.25rem}
      .filter label,.filter fieldset{font-size:.8125rem;color:var(--soft)}
      .filter select{max-width:22rem}.filter .wide select{max-width:none}
      .filter .wide{flex:1 1 22rem}.filter fieldset{border:0;margin:0;padding:0;display:flex;gap:.9rem;
      align-items:center;min-height:2.5rem}.filter legend{float:left;padding:0 .9rem 0 0}
      .filter fieldset label{color:var(--ink);font-size:.875rem;display:flex;gap:.35rem;
      align-items:center}
      input[type=text],input[type=search],select{display:block;width:100%;margin-top:.2rem;
      padding:.45rem .6rem;min-height:2.5rem;font-size:.9375rem;color:var(--ink);background:var(--paper);
      border:1px solid var(--soft);border-radius:6px}
      input[type=search]{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
      button,.button{padding:.45rem 1rem;min-height:2.5rem;font-size:.9375rem;color:var(--paper);
      background:var(--c0);border:1px solid var(--c0);border-radius:6px;cursor:pointer;
      text-decoration:none;display:inline-block}
      button.quiet,.button.quiet{color:var(--c0);background:none}
      input[type=checkbox],input[type=radio]{width:1.15rem;height:1.15rem;margin:0;accent-color:var(--c0)}
      .hint{margin:-.6rem 0 1.25rem;font-size:.8125rem;color:var(--soft)}
      .state{display:inline-block;padding:.05rem .5rem;border:1px solid currentColor;border-radius:1rem;
      font-size:.78rem;white-space:nowrap;color:var(--soft)}
      .state.complete{color:var(--good)}.state.running{color:var(--c0);font-weight:600}
      .state.failed,.state.broken{color:var(--bad)}
      .tags{display:inline-flex;flex-wrap:wrap;gap:.3rem;margin:0;padding:0;list-style:none}
      .tags a{padding:.05rem .5rem;border-radius:1rem;background:var(--panel);font-size:.78rem;
      text-decoration:none}
      .runs td,.runs th{vertical-align:top}.runs .pick{width:2.4rem;padding-right:.4rem}
      .runs .pick label{display:flex;align-items:center;justify-content:center;width:2rem;height:1.6rem}
      .runs tbody th a{font-weight:600;text-decoration:none}.runs tbody th a:hover{text-decoration:underline}
      .runs tbody th{min-width:15rem;overflow-wrap:anywhere}.runs td{white-space:nowrap}
      .runs td.free{white-space:normal;min-width:9rem}
      .reason{display:block;color:var(--bad);white-space:normal;overflow-wrap:anywhere}
      .bar-below{position:sticky;bottom:0;display:flex;flex-wrap:wrap;gap:1rem;align-items:center;
      padding:.6rem 0;background:var(--paper);border-top:1px solid var(--rule)}
      .pages{display:flex;gap:1rem;font-size:.875rem;align-items:center}
      .jobs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1rem;
      margin:0;padding:0;list-style:none}
      .jobs li,.live{padding:.9rem 1rem;background:var(--panel);border-radius:8px}
      .jobs h3{margin-bottom:.4rem;overflow-wrap:anywhere}.jobs p{margin-bottom:.3rem}
      .stage{font-family:var(--sans);font-size:.9rem;margin:0 0 .4rem}
      .stage span+span::before{content:"· ";color:var(--soft)}.stage b{margin-right:.5rem}
      progress{display:block;width:100%;height:.6rem;margin:0 0 .5rem;accent-color:var(--c0)}
      .log{margin:0;padding:0;list-style:none;max-height:22rem;overflow:auto;font-size:.84375rem}
      .log li{display:flex;gap:.9rem;padding:.2rem 0}.log li+li{border-top:1px solid var(--rule)}
      .log span:nth-child(-n+2){flex:none;color:var(--soft);font-variant-numeric:tabular-nums}
      .log span:first-child{width:6.5rem}.log span:nth-child(2){width:3.6rem}
      .log span:last-child{min-width:0;overflow-wrap:anywhere}.bad{color:var(--bad)}
      .links{display:flex;flex-wrap:wrap;gap:.6rem;margin:0 0 2rem;padding:0;list-style:none;
      font-family:var(--sans)}
      .two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:0 2.5rem}
      .gallery{grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr))}
      .gallery h3 a{text-decoration:none}.gallery h3 a:hover{text-decoration:underline}
      .gallery img,.nopic{width:88px;height:88px}
      .nopic{flex:none;display:grid;place-items:center;border:1px dashed var(--rule);border-radius:4px;
      color:var(--soft);font-size:.75rem;text-align:center}
      .runs tbody+tbody tr:first-child>*{border-top:1px solid var(--ink)}
      .runs small{font-weight:400;overflow-wrap:anywhere}.portraits{display:flex;flex-wrap:wrap;gap:1rem;margin:0 0 2rem;padding:0;list-style:none}
      .portraits img{display:block;width:160px;height:160px;border-radius:6px;image-rendering:pixelated}
      .portraits figcaption{margin-top:.3rem}
      pre{max-height:26rem}pre:focus-visible{outline-offset:0}
      .compare th:first-child{min-width:9rem}
      html{scroll-padding-bottom:5rem}h2{scroll-margin-top:1rem}
      main>.facts{margin-bottom:1.25rem}.live~h3{margin:1.5rem 0 .75rem}main .aside{margin-bottom:1rem}
      @media (max-width:36rem){body{padding-left:.9rem;padding-right:.9rem}h1{font-size:1.5rem}
      .runs tbody th{min-width:11rem}.log li{flex-wrap:wrap;gap:0 .7rem}
      .log span:first-child,.log span:nth-child(2){width:auto}.log span:last-child{flex-basis:100%}}
      @media (prefers-reduced-motion:no-preference){.skip{transition:top .1s}}
      @media print{.top,.filter,.bar-below,.links,.pick{display:none}}
      """
}
