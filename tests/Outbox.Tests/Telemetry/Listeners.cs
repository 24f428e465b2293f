namespace Outbox.Tests.Telemetry;

/// <summary>Who listens to spans hears all of the process, and changes what others measure: alone, or not at all.</summary>
[CollectionDefinition(nameof(Listeners), DisableParallelization = true)]
public sealed class Listeners;
