namespace Outbox.Testing;

/// <summary>A scenario went otherwise than it was written.</summary>
/// <param name="message">How.</param>
/// <param name="innerException">The error of the code under test, if that was it.</param>
public sealed class ScenarioException(string message, Exception? innerException = null) : Exception(message, innerException);
