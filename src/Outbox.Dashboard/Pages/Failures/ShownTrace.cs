using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>The trace that a message is part of.</summary>
internal static class ShownTrace
{
    public static Html Of(Visit visit, ShownMessage message) =>
        IdOf(message.Headers.FirstOrDefault(header => header.Key.Equals("traceparent", StringComparison.OrdinalIgnoreCase)).Value) is not { } id ? Html.None
        : visit.Options.TraceUrl is { } template ? Html.Of($"<a href=\"{Link.Trace(template, id)}\" rel=\"noreferrer\"><code>{id}</code></a>")
        : Words.Code(id);

    /// <summary>Of <c>00-traceId-spanId-flags</c> (https://www.w3.org/TR/trace-context/).</summary>
    private static string? IdOf(string? traceParent) => traceParent?.Split('-') is [_, { Length: 32 } id, ..] && id.All(char.IsAsciiHexDigit) ? id : null;
}
