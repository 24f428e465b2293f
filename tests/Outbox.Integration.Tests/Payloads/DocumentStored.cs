namespace Outbox.Integration.Tests.Payloads;

/// <summary>A message whose text can be of any size.</summary>
public sealed record DocumentStored(string Text);
