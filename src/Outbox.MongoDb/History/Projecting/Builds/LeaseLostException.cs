namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>Another instance goes on with a build, or a person has ended it.</summary>
internal sealed class LeaseLostException(string build) : OutboxException($"The lease of {build} is another instance's now, or it was retired.");
