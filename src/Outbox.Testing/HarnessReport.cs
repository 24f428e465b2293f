using System.Text;
using Outbox.Messages;

namespace Outbox.Testing;

/// <summary>Tells what happened instead of what a test waited for.</summary>
internal static class HarnessReport
{
    private const int Shown = 20;
    private const int PayloadLength = 200;

    public static string Of(HarnessLog log, IReadOnlyCollection<OutboxMessage> left)
    {
        var report = new StringBuilder();
        Append(report, "Published", log.Published, Line);
        Append(report, "Parked", log.Parked, parked => $"{Line(parked.Message)}: {parked.Error}");
        Append(report, "Still in the outbox", left, Line);
        if (left.Count > 0)
        {
            report.Append(" The relay publishes them: is the host, or MassTransit's harness, started, and RelayEnabled not false?");
        }

        return report.ToString();
    }

    private static void Append<T>(StringBuilder report, string title, IReadOnlyCollection<T> items, Func<T, string> line)
    {
        if (items.Count == 0)
        {
            report.Append(title == "Published" ? "Nothing was published." : "");
            return;
        }

        report.Append($"{title}:");
        foreach (var item in items.TakeLast(Shown))
        {
            report.Append(Environment.NewLine).Append("  ").Append(line(item));
        }

        report.AppendLine(items.Count > Shown ? $"{Environment.NewLine}  and {items.Count - Shown} before." : "");
    }

    private static string Line(OutboxMessage message)
    {
        var payload = message.Payload ?? "tombstone";
        var shown = payload.Length > PayloadLength ? payload[..PayloadLength] + "…" : payload;
        return $"{message.Type} of '{message.EntityId}' version {message.Version} on {message.Topic}: {shown}";
    }
}
