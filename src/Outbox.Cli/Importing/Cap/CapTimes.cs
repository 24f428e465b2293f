namespace Outbox.Cli.Importing.Cap;

/// <summary>Which of CAP's messages are still in the hands of one of its processes.</summary>
/// <param name="Lookback">How old a message is before CAP's processors look for it in the database: until then the process that stored it has it in its memory.</param>
/// <param name="Settle">How long a process that had taken a message before it was marked may take until it has sent it and says so.</param>
/// <param name="MostRetries">How often CAP tries before it gives a message up.</param>
/// <param name="GivenUpToo">Whether messages that CAP has given up are moved too.</param>
internal sealed record CapTimes(TimeSpan Lookback, TimeSpan Settle, int MostRetries, bool GivenUpToo);
