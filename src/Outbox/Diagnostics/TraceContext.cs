using System.Diagnostics;
using Outbox.Messages;

namespace Outbox.Diagnostics;

/// <summary>W3C trace context in message headers (https://www.w3.org/TR/trace-context/).</summary>
internal static class TraceContext
{
    private static readonly DistributedContextPropagator W3C = DistributedContextPropagator.CreateW3CPropagator();

    public static void Write(Activity? activity, IDictionary<string, string> headers) =>
        W3C.Inject(activity, headers, static (carrier, name, value) => ((IDictionary<string, string>)carrier!)[name] = value);

    public static ActivityContext Read(IReadOnlyDictionary<string, string> headers)
    {
        headers.TryGetValue(MessageHeaders.TraceParent, out var parent);
        headers.TryGetValue(MessageHeaders.TraceState, out var state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }
}
