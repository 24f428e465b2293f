using Outbox.Cli;
using Outbox.Cli.Calls;

return await new OutboxCommand(Surroundings.OfProcess()).RunAsync(args, CancellationToken.None).ConfigureAwait(false);
