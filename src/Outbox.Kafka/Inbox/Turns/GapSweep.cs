using Outbox.Inbox.Sequencing;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Looks after versions that did not come: asks their owner for them, and does what the deadline says.</summary>
internal sealed class GapSweep(IReorderBuffer buffer, IGapRepair? repair, GapReport report)
{
    public async Task RunAsync(string group, string topic, CancellationToken cancellationToken)
    {
        if (repair is not null)
        {
            foreach (var gap in await repair.AskAsync(group, topic, cancellationToken).ConfigureAwait(false))
            {
                report.Asked(gap);
            }
        }

        foreach (var gap in await buffer.ExpireAsync(group, topic, cancellationToken).ConfigureAwait(false))
        {
            report.Overdue(gap);
        }
    }
}
