namespace Outbox.History.Repair;

/// <summary>What became of the versions that were asked for.</summary>
/// <param name="PutBack">How many were put back.</param>
/// <param name="Pending">How many are in the outbox, or parked there.</param>
/// <param name="Elsewhere">How many of these are there for another endpoint alone, and have to be put back again when they are gone.</param>
/// <param name="Void">How many were never kept.</param>
/// <param name="Left">How many exceed the limits, and have to be asked for again.</param>
public sealed record GapAnswer(int PutBack, int Pending, int Elsewhere, long Void, long Left);
