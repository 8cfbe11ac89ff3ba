Feature: Unknown types
  Workers of different versions and purposes share a queue.

  Rule: A type nobody here registered stays queued for a worker that knows it

    Scenario: No worker knows the type
      Given the secret job "dossier 7" is enqueued
      When a worker starts
      Then the job "dossier 7" is still ready
      And the job "dossier 7" has no attempt

    Scenario: A worker that knows the type starts later
      Given a worker
      And the secret job "dossier 7" is enqueued
      When a worker starts that knows secret jobs
      Then the job "dossier 7" is completed
      And the job "dossier 7" has 1 attempt

    Scenario: A running worker learns the type
      Given a worker
      And the secret job "dossier 7" is enqueued
      When the worker learns to run secret jobs
      Then the job "dossier 7" is completed

    Scenario: Learning a type does not disturb the jobs that run
      Given a worker
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      When the worker learns to run secret jobs
      Then the job "pack A-1001" is still running
      And the job "pack A-1001" has 1 attempt

    Scenario: Jobs of unknown types are not in the way of the others
      Given 500 secret jobs are enqueued with priority -1
      And the job "receipt A-1001" is enqueued
      When a worker starts
      Then the job "receipt A-1001" is completed
