using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Messages;
using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary><c>why</c>: why a message or an entity is stuck, or that it is not.</summary>
internal static class WhyVerb
{
    private static readonly Argument<string> Id = new("id") { Description = "A message's id; or an entity's: order-4711, or order/order-4711 with its type." };
    private static readonly Option<string?> Type = new("--type") { Description = "It is an entity of this type.", HelpName = "entityType" };
    private static readonly Option<bool> Check = new("--check") { Description = "End with 11 when it is stuck, and with 10 when it waits." };

    public static Command Create(Caller caller) =>
        caller.Runs(new Command("why", "Say why a message or an entity is stuck, since when, and what to do about it.") { Id, Type, Check }, RunAsync);

    private static async Task<ExitCode> RunAsync(Call call)
    {
        var place = await call.OpenAsync().ConfigureAwait(false);
        var explain = place.Get<IExplain>();
        var answer = WhyAnswer.Of(await ExplainAsync(explain, call.Get(Id), call.Get(Type), call.Cancellation).ConfigureAwait(false));
        call.Answer.One(answer, found => new WhyTable(call.Answer, place.Now).Write(found));
        return answer.Verdict switch
        {
            Verdict.NoTrace => ExitCode.NotFound,
            Verdict.Stuck when call.Get(Check) => ExitCode.Unhealthy,
            Verdict.Waits when call.Get(Check) => ExitCode.Degraded,
            _ => ExitCode.Done,
        };
    }

    /// <summary>An id may have a slash in it: only where there is no trace of it as it is, it is a type and an id.</summary>
    private static async Task<Explanation> ExplainAsync(IExplain explain, string id, string? type, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(id))
        {
            throw new CommandException(ExitCode.Usage, "Say which message or entity.");
        }

        if (type is not null)
        {
            return await explain.ExplainAsync(new Entity(type, id), cancellation).ConfigureAwait(false);
        }

        var found = await explain.ExplainAsync(id, cancellation).ConfigureAwait(false);
        return !found.IsFound && id.Split('/', 2) is [{ Length: > 0 } first, { Length: > 0 } rest]
            ? await explain.ExplainAsync(new Entity(first, rest), cancellation).ConfigureAwait(false) is { IsFound: true } entity ? entity : found
            : found;
    }
}
