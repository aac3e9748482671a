// The page's style sheet. Colors are variables, so that light, dark and paper differ in one place.

package enum Style {
  package static let sheet = """
    :root{\(variables(Self.light))--heat:0 114 178;--good:#1a7340;--bad:#b3261e;
    --serif:"Iowan Old Style","Palatino Linotype",Palatino,Charter,"Bitstream Charter",Georgia,serif;
    --sans:ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",
    sans-serif}
    @media screen and (prefers-color-scheme:dark){:root{\(variables(Self.dark))--heat:64 144 214;
    --good:#67c98d;--bad:#ff9089}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:3.5rem 1.25rem 3rem;max-width:47rem;background:var(--paper);
    color:var(--ink);font:1.0625rem/1.6 var(--serif);-webkit-text-size-adjust:100%;
    overflow-wrap:anywhere}
    header{margin-bottom:2.75rem}
    .eyebrow,.facts,table,figure,svg,.gallery,summary,footer,.aside{font-family:var(--sans)}
    .eyebrow{margin:0;font-size:.8125rem;letter-spacing:.04em;color:var(--soft)}
    .badge{margin-left:.5rem;padding:.15rem .5rem;border:1px solid currentColor;border-radius:1rem;
    color:var(--bad);font-weight:600;letter-spacing:0}
    h1{margin:.35rem 0 .5rem;font-size:2.35rem;line-height:1.15;font-weight:600;
    letter-spacing:-.012em;text-wrap:balance}
    h2{margin:0 0 .6rem;font-size:1.4rem;line-height:1.25;font-weight:600}
    h3{margin:0;font-size:.9375rem;line-height:1.3;font-weight:600}
    p{margin:0 0 1rem;text-wrap:pretty}
    .question{font-size:1.2rem;font-style:italic;color:var(--soft)}
    a{color:var(--c0);text-underline-offset:.15em}
    .finding{padding-left:1rem;border-left:3px solid var(--c0);font-size:1.15rem;line-height:1.55}
    .facts{margin:0;font-size:.875rem;color:var(--soft)}
    .facts span{margin:0 .15rem}p.facts{overflow-wrap:normal}
    section{margin-bottom:3rem}
    code{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
    pre{margin:0 0 1rem;padding:.75rem 1rem;overflow-x:auto;background:var(--panel);
    border-radius:6px;overflow-wrap:normal}
    .scroll{overflow-x:auto;margin:0 0 1rem}
    table{border-collapse:collapse;font-size:.84375rem;line-height:1.4;
    font-variant-numeric:tabular-nums;overflow-wrap:normal}
    .scroll table{width:100%}
    caption{padding:0 0 .6rem;text-align:left;color:var(--soft)}caption b{font:inherit;font-weight:600;
    color:var(--ink)}
    th,td{padding:.45rem .75rem .45rem 0;text-align:left;vertical-align:top;font-weight:400}
    th:last-child,td:last-child{padding-right:0}
    thead th{color:var(--soft);vertical-align:bottom;border-bottom:1px solid var(--ink)}
    tbody tr+tr>*{border-top:1px solid var(--rule)}
    .numbers td,.numbers th{white-space:nowrap}.numbers tbody th{white-space:normal}
    .numbers th:first-child{min-width:5.5rem}
    .range,small,.seeds{color:var(--soft)}
    table.facts{width:auto;color:inherit}
    table.facts th{white-space:nowrap}
    table.facts td{overflow-wrap:anywhere}
    .heat{width:100%;margin:0 0 1.75rem;table-layout:fixed;border-collapse:separate;border-spacing:4px}
    .heat thead th,.heat tbody tr+tr>*{border:0}
    .heat thead td{width:7.5rem}
    .heat th{padding:.4rem .5rem .4rem 0}
    .heat tbody th{vertical-align:middle}
    .heat tbody td{padding:.8rem .9rem;border-radius:6px;
    background:linear-gradient(rgb(var(--heat)/var(--depth,0)) 0 0) var(--panel)}
    .heat td b{font-size:1.6rem;line-height:1.2;font-weight:600}
    .heat td span,.heat td small{color:inherit}
    .heat .range{white-space:nowrap}
    .heat .seeds,.heat small{display:block;font-size:.8125rem}
    .heat .seeds{margin-top:.25rem;word-spacing:.25em}
    figure{margin:0 0 1rem}
    figcaption{font-size:.84375rem;line-height:1.4;color:var(--soft)}
    svg{display:block;max-width:100%;height:auto;overflow:visible;font-size:12px}
    svg.narrow{display:none;width:100%}
    svg .label{font-size:13px}
    \(drawing)
    .chance{stroke-width:1.25}.mean{stroke:var(--paper);stroke-width:1.5;fill:currentColor}
    .bar{stroke:currentColor;stroke-width:4;stroke-linecap:round;opacity:.45}
    .seed{fill:var(--paper);stroke:currentColor;stroke-width:1.4}
    .twin{fill:var(--paper);stroke:var(--soft);stroke-width:1.4}
    .run{stroke-width:1.4;opacity:.6}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));
    gap:1.5rem 1.5rem}
    .charts figcaption{margin-bottom:.4rem}.charts b{color:var(--ink);font-weight:600}
    .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));
    gap:1rem;margin:0;padding:0;list-style:none;font-size:.84375rem;line-height:1.4}
    .gallery li{display:flex;gap:.9rem;padding:.8rem;background:var(--panel);border-radius:6px}
    .gallery img{width:88px;height:88px;flex:none;border-radius:4px;image-rendering:pixelated}
    .gallery li>div{min-width:0;flex:1}
    .gallery dl{margin:.4rem 0 0}.gallery dl div{display:flex;gap:.6rem}
    .gallery dt{flex:none;width:6.6rem;color:var(--soft)}.gallery dd{margin:0;min-width:0}
    .caption{margin:0;color:var(--soft)}
    .right>span:first-child{color:var(--good)}.wrong>span:first-child{color:var(--bad)}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    details{margin-top:.5rem}
    summary{margin-bottom:.75rem;font-size:.875rem;cursor:pointer;color:var(--c0)}
    .aside,footer{font-size:.84375rem;line-height:1.5;color:var(--soft)}
    footer{padding-top:1rem;border-top:1px solid var(--rule)}footer p{margin:0}
    :focus-visible{outline:2px solid var(--c0);outline-offset:3px}
    @media (max-width:36rem){body{padding-top:2rem;font-size:1rem}h1{font-size:1.85rem}
    svg.wide{display:none}svg.narrow{display:block}
    .heat thead td{width:4.6rem}.heat{font-size:.78125rem;border-spacing:3px}
    .heat tbody td{padding:.6rem}.heat td b{display:block;font-size:1.35rem}
    .heat .seeds{display:none}.gallery img{width:64px;height:64px}.gallery dt{width:5.9rem}
    .gallery{font-size:.8125rem}}
    @media print{body{max-width:none;padding:0;font-size:10.5pt}section{margin-bottom:1.5rem}
    h2{break-after:avoid}figure,tr,.gallery li,pre,.heat{break-inside:avoid}
    .scroll{overflow:visible}
    details::details-content{content-visibility:visible;height:auto}.heat tbody td{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    """
}
